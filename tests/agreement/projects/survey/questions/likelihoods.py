import numpyro
import numpyro.distributions as dist
from numpyro.handlers import scope


def gaussian(loc, y=None, *, name="y"):
    with scope(prefix="noise"):
        sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("data", loc.shape[0]):
        return numpyro.sample(name, dist.Normal(loc, sigma), obs=y)
