from .components import Component, Intercept, Trend
from .likelihoods import gaussian as observe

__all__ = ["Component", "Intercept", "Trend", "observe"]
