"""The graphs of two models, for a paper."""

import jax.numpy as jnp

import numpyro
import numpyro.distributions as dist


def topic_model(docs, n_topics=3, n_words=20):
    with numpyro.plate("topics", n_topics):
        words = numpyro.sample("words", dist.Dirichlet(jnp.ones(n_words) / n_words))
    with numpyro.plate("documents", docs.shape[1]):
        share = numpyro.sample("share", dist.Dirichlet(jnp.ones(n_topics)))
        with numpyro.plate("positions", docs.shape[0]):
            topic = numpyro.sample("topic", dist.Categorical(share), infer={"enumerate": "parallel"})
            numpyro.sample("word", dist.Categorical(words[topic]), obs=docs)


def cohort(n, outcome=None):
    p = numpyro.sample("p", dist.Beta(2, 2))
    with numpyro.plate("people", n):
        numpyro.sample("outcome", dist.Bernoulli(p), obs=outcome)


docs = jnp.zeros((6, 4), dtype=int)
numpyro.render_model(topic_model, model_args=(docs,), render_distributions=True, filename="topics.pdf")
numpyro.render_model(cohort, model_kwargs={"n": 10, "outcome": None})
