"""A small variational autoencoder on simulated pictures, trained batch by batch."""

import argparse
import inspect
import os
import time

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
from jax import jit, lax, random
from jax.example_libraries import stax

import numpyro
import numpyro.distributions as dist
from numpyro import optim
from numpyro.infer import SVI, Trace_ELBO

RESULTS = os.path.abspath(os.path.join(os.path.dirname(inspect.getfile(lambda: None)), ".results"))
os.makedirs(RESULTS, exist_ok=True)


def encoder(hidden_dim, z_dim):
    return stax.serial(
        stax.Dense(hidden_dim),
        stax.Softplus,
        stax.FanOut(2),
        stax.parallel(stax.Dense(z_dim), stax.serial(stax.Dense(z_dim), stax.Exp)),
    )


def decoder(hidden_dim, out_dim):
    return stax.serial(
        stax.Dense(hidden_dim), stax.Softplus, stax.Dense(out_dim), stax.Sigmoid
    )


def model(batch, hidden_dim=32, z_dim=4):
    batch = jnp.reshape(batch, (batch.shape[0], -1))
    batch_dim, out_dim = jnp.shape(batch)
    decode = numpyro.module("decoder", decoder(hidden_dim, out_dim), (batch_dim, z_dim))
    with numpyro.plate("batch", batch_dim):
        z = numpyro.sample("z", dist.Normal(jnp.zeros((z_dim,)), jnp.ones((z_dim,))).to_event(1))
        img_loc = decode(z)
        return numpyro.sample("obs", dist.Bernoulli(img_loc).to_event(1), obs=batch)


def guide(batch, hidden_dim=32, z_dim=4):
    batch = jnp.reshape(batch, (batch.shape[0], -1))
    batch_dim, out_dim = jnp.shape(batch)
    encode = numpyro.module("encoder", encoder(hidden_dim, z_dim), (batch_dim, out_dim))
    z_loc, z_std = encode(batch)
    with numpyro.plate("batch", batch_dim):
        return numpyro.sample("z", dist.Normal(z_loc, z_std).to_event(1))


def load_pictures(batch_size, seed=0):
    rng = np.random.default_rng(seed)
    pictures = rng.uniform(size=(320, 8, 8)).astype("float32")

    def init():
        return len(pictures) // batch_size, rng.permutation(len(pictures))

    def fetch(i, idx):
        here = lax.dynamic_slice_in_dim(idx, i * batch_size, batch_size)
        return jnp.take(pictures, here, axis=0)

    return init, fetch


@jit
def binarize(rng_key, batch):
    return random.bernoulli(rng_key, batch).astype(batch.dtype)


def main(args):
    svi = SVI(
        model,
        guide,
        optim.Adam(args.learning_rate),
        Trace_ELBO(),
        hidden_dim=args.hidden_dim,
        z_dim=args.z_dim,
    )
    rng_key = random.key(0)
    train_init, train_fetch = load_pictures(args.batch_size)
    num_train, train_idx = train_init()
    rng_key, rng_key_binarize, rng_key_init = random.split(rng_key, 3)
    sample_batch = binarize(rng_key_binarize, train_fetch(0, train_idx))
    svi_state = svi.init(rng_key_init, sample_batch)

    @jit
    def epoch_train(svi_state, rng_key, train_idx):
        def body_fn(i, val):
            loss_sum, svi_state = val
            batch = binarize(random.fold_in(rng_key, i), train_fetch(i, train_idx))
            svi_state, loss = svi.update(svi_state, batch)
            return loss_sum + loss, svi_state

        return lax.fori_loop(0, num_train, body_fn, (0.0, svi_state))

    for epoch in range(args.num_epochs):
        rng_key, rng_key_train = random.split(rng_key)
        start = time.time()
        loss, svi_state = epoch_train(svi_state, rng_key_train, train_idx)
        print(f"Epoch {epoch}: loss = {loss} ({time.time() - start:.2f} s.)")
        plt.imsave(os.path.join(RESULTS, f"epoch={epoch}.png"), sample_batch[0], cmap="gray")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="parse args")
    parser.add_argument("-n", "--num-epochs", default=15, type=int)
    parser.add_argument("-lr", "--learning-rate", default=1.0e-3, type=float)
    parser.add_argument("-batch-size", default=32, type=int)
    parser.add_argument("-z-dim", default=4, type=int)
    parser.add_argument("-hidden-dim", default=32, type=int)
    args = parser.parse_args()
    main(args)
