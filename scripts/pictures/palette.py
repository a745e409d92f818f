"""The same picture with a palette: a third of the bytes, and no difference to the eye."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

COLOURS, EXACT = 256, 32


def small(png: bytes) -> bytes:
    """A PNG with a palette: the commonest colours as they are, the others as the nearest of those that were chosen.

    In the choice a colour counts by the fourth root of how often it is there, so that greys leave room for accents.
    """
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(np.int32)
    codes, where, often = np.unique(pixels @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True, return_counts=True)
    met = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    weighed = np.repeat(met, np.ceil(often**0.25).astype(int), axis=0)
    sample = Image.fromarray(weighed[None].astype(np.uint8))
    chosen = np.array(sample.quantize(COLOURS - EXACT).getpalette("RGB")).reshape(-1, 3)
    palette = np.concatenate([met[np.argsort(-often, kind="stable")[:EXACT]], chosen])
    nearest = ((met[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
    drawn = Image.fromarray(nearest[where].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    drawn.putpalette(palette.astype(np.uint8).tobytes())
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    return written.getvalue()
