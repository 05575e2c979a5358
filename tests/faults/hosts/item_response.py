"""Answers of pupils to questions: two crossed plates, and predictions for new pupils."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive, log_likelihood


class Rasch:
    """Ability of pupils against difficulty of questions."""

    def __init__(self, pupils, questions):
        self.pupils = pupils
        self.questions = questions

    def model(self, answers=None):
        mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
        pupils = numpyro.plate("pupils", self.pupils, dim=-2)
        questions = numpyro.plate("questions", self.questions, dim=-1)
        with pupils:
            ability = numpyro.sample("ability", dist.Normal(0.0, 1.0))
        with questions:
            difficulty = numpyro.sample("difficulty", dist.Normal(mean, 1.0))
        with pupils, questions:
            numpyro.sample("answers", dist.Bernoulli(logits=ability - difficulty), obs=answers)

    def fit(self, key, answers):
        kernel = NUTS(self.model, target_accept_prob=0.9)
        mcmc = MCMC(kernel, num_warmup=150, num_samples=150, progress_bar=False)
        mcmc.run(key, answers=answers)
        return mcmc.get_samples()


def two_parameter(pupil, question, n_pupils, n_questions, correct=None):
    with numpyro.plate("pupil", n_pupils):
        theta = numpyro.sample("theta", dist.Normal(0, 1))
    with numpyro.plate("question", n_questions):
        b = numpyro.sample("b", dist.Normal(0, 2))
        a = numpyro.sample("a", dist.LogNormal(0, 0.5))
    logits = a[question] * (theta[pupil] - b[question])
    with numpyro.plate("answer", pupil.shape[0]):
        numpyro.sample("correct", dist.Bernoulli(logits=logits), obs=correct)


def main():
    k1, k2, k3, k4 = jax.random.split(jax.random.PRNGKey(20), 4)
    answers = jax.random.bernoulli(k1, 0.6, (15, 6)).astype(int)
    rasch = Rasch(15, 6)
    draws = rasch.fit(k2, answers)
    print(draws["difficulty"].mean(0))

    pupil, question = jnp.divmod(jnp.arange(90), 6)
    mcmc = MCMC(NUTS(two_parameter), num_warmup=150, num_samples=150, progress_bar=False)
    mcmc.run(k3, pupil, question, 15, 6, correct=answers.reshape(-1))
    posterior = mcmc.get_samples()
    scores = log_likelihood(two_parameter, posterior, pupil, question, 15, 6, answers.reshape(-1))
    print(scores["correct"].shape)
    predictive = Predictive(two_parameter, posterior_samples=posterior)
    print(predictive(k4, pupil, question, 15, 6)["correct"].mean())


if __name__ == "__main__":
    main()
