"""The two fits that the weights of retrieval come from: a softmax over candidates, and a logistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

_STEPS = 400
_STEP = 0.3
_SMALL = 1e-3


def softmax(x: Numbers, there: Flags, right: Flags, told: Numbers) -> Numbers:
    """Weights of the features under which the softmax over each row's candidates falls on a right one.

    ``x`` is rows by candidates by features; ``there`` and ``right`` are rows by candidates, as is ``told``,
    what speaks for a candidate already. Adam on the mean log loss, with a little regularisation.
    """
    weights, mean, square = (np.zeros(x.shape[2]) for _ in range(3))
    for step in range(1, _STEPS + 1):
        score = np.where(there, told + x @ weights, -1e9)
        share = np.exp(score - score.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        wanted = np.where(right, share, 0)
        wanted /= np.maximum(wanted.sum(1, keepdims=True), 1e-12)
        slope = np.einsum("nm,nmk->k", share - wanted, x) / len(x) + _SMALL * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = weights - _STEP * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def logistic(x: Numbers, y: Numbers, counts: Numbers, told: Numbers | None = None) -> Numbers:
    """Weights and, at last, the constant, by Newton's method with a little regularisation.

    ``x`` is rows by features, ``y`` 1 or 0 for each row, ``counts`` how much each counts. With ``told``, the
    log odds that are known already, only weights are added to them and no constant.
    """
    spread = x.std(0) + 1e-9
    mean = x.mean(0) if told is None else np.zeros(x.shape[1])
    z = (x - mean) / spread
    if told is None:
        z = np.c_[z, np.ones(len(x))]
    weights = np.zeros(z.shape[1])
    small = _SMALL * len(y)
    for _ in range(30):
        p = 1 / (1 + np.exp(-(z @ weights + (0 if told is None else told))))
        slope = z.T @ (counts * (p - y)) + small * weights
        curve = (z * (counts * p * (1 - p))[:, None]).T @ z + small * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    if told is not None:
        found: Numbers = weights / spread
        return found
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ mean)
