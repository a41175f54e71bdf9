"""Where one thing begins: the cut between pairs that are one thing and pairs that are not, from the data's own scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.float64]

#: The cut is looked for so many bits around even odds, on a grid of so many steps a bit, with scores smoothed over so many bits.
_REACH, _STEPS, _WIDTH = 12.0, 4, 1.2
#: What it costs to go away from even odds: at so many bits as much as a density e times higher.
_TRUST = 4.0
#: Of the pairs that the model expects to be one thing so many may be cut off, and so many added; a few more in short lists.
_FEWER, _MORE, _FEW = 0.8, 1.4, 3.0
#: What a decided pair on the wrong side costs.
_DECIDED = 0.6
#: Pairs at a place that say as much as none.
_NOISE = 0.5


def valley(bits: Bits, same: Bits, different: Bits) -> float:
    """Log odds (base 2) of the model at which a pair is as likely one thing as not.

    The scores of pairs of one thing and of others make two hills; the model's own even odds lie in the valley between them only as far as
    the model is right. So the cut is where scores are fewest, and no further from even odds than the evidence of the hills is worth.
    """
    places = np.arange(-_REACH * _STEPS, _REACH * _STEPS + 1) / _STEPS
    edge = 4 * _WIDTH
    near = bits[np.abs(bits) < _REACH + edge]
    counts, _ = np.histogram(near, bins=int(2 * (_REACH + edge) * _STEPS), range=(-_REACH - edge, _REACH + edge))
    reach = np.arange(-int(edge * _STEPS), int(edge * _STEPS) + 1) / _STEPS
    kernel = np.exp(-0.5 * (reach / _WIDTH) ** 2)
    density = np.convolve(counts, kernel / kernel.sum() * _STEPS, mode="same")
    middle = (np.arange(len(density)) + 0.5) / _STEPS - _REACH - edge
    here = np.interp(places, middle, density)
    there = _between_hills(bits, places) | _decided_between(same, different, places)
    wrong = np.searchsorted(np.sort(same), places) + len(different) - np.searchsorted(np.sort(different), places)
    return float(places[np.argmin(np.where(there, np.log(here + _NOISE) + (places / _TRUST) ** 2, np.inf) + _DECIDED * wrong)])


def _between_hills(bits: Bits, places: Bits) -> NDArray[np.bool_]:
    """Places beyond which there are about as many pairs as the model expects to be one thing; even odds always."""
    expected = float((1 / (1 + np.exp2(-np.clip(bits, -60, 60)))).sum())
    beyond = len(bits) - np.searchsorted(np.sort(bits), places)
    least, most = _FEWER * expected - _FEW, _MORE * expected + _FEW
    return np.asarray((beyond >= least) & (beyond <= most) | (places == 0), dtype=np.bool_)


def _decided_between(same: Bits, different: Bits, places: Bits) -> NDArray[np.bool_]:
    """Places among the pairs that persons have decided."""
    decided = np.concatenate([same, different])
    if not len(decided):
        return np.zeros(len(places), dtype=np.bool_)
    return np.asarray((places >= decided.min() - 1) & (places <= decided.max() + 1), dtype=np.bool_)
