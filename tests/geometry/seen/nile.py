"""The flow of the Nile at Aswan from 1871 to 1970 (Cobb, 1978): a level that walks."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

# Hundreds of millions of cubic metres a year.
flow = np.array(
    """
    1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140
    1100 1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969
    831 726 456 824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759
    781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890
    744 749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740
    """.split(),
    dtype=float,
)


def local_level(flow):
    first = numpyro.sample("first", dist.Normal(1000, 300))
    sigma_level = numpyro.sample("sigma_level", dist.HalfNormal(100))
    sigma_flow = numpyro.sample("sigma_flow", dist.HalfNormal(200))

    def year(level, observed):
        level = numpyro.sample("level", dist.Normal(level, sigma_level))
        numpyro.sample("flow", dist.Normal(level, sigma_flow), obs=observed)
        return level, level

    scan(year, first, jnp.asarray(flow))


def decentred(flow):
    first = numpyro.sample("first", dist.Normal(1000, 300))
    sigma_level = numpyro.sample("sigma_level", dist.HalfNormal(100))
    sigma_flow = numpyro.sample("sigma_flow", dist.HalfNormal(200))
    steps = numpyro.sample("steps", dist.Normal(0, 1).expand([len(flow)]).to_event(1))
    level = numpyro.deterministic("level", first + sigma_level * jnp.cumsum(steps))
    numpyro.sample("flow", dist.Normal(level, sigma_flow), obs=flow)


arguments = (flow,)
keywords = {}
SITE = "level"
COMPARED = ("first", "sigma_level", "sigma_flow", "level")
model = centred = local_level


def kappa(at):
    # Of a level, given the one before.
    information = np.full(len(flow), 1 / at["sigma_flow"] ** 2)
    return information / (information + 1 / at["sigma_level"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), flow)
    mcmc.print_summary()
