"""A byte-level decoder-only transformer with token shift, as a function of one vector.

All parameters are parts of one vector, so that an optimizer's step is a few operations whatever the
model: at these sizes the time goes into the number of operations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

BYTES = 256
HEAD_WIDTH = 16
WIDER = 4
"""The width of a layer's hidden units, in widths of the model."""


@dataclass(frozen=True)
class Shape:
    """What a model is like."""

    width: int
    layers: int
    length: int
    """Bytes of a sequence, for each of which there is a learned position."""

    def tensors(self) -> list[tuple[int, ...]]:
        """Give the shapes of all parameters, in the order in which `logits` takes them."""
        d = self.width
        layer = [(d,), (d,), (3 * d, d), (d, d), (d,), (d,), (WIDER * d, d), (d, WIDER * d)]
        return [(BYTES, d), (self.length, d), *(self.layers * layer), (d,), (BYTES, d)]

    @property
    def size(self) -> int:
        """The number of parameters, with embeddings."""
        return sum(math.prod(shape) for shape in self.tensors())


def initial(shape: Shape, seed: int) -> Tensor:
    """Draw a model's parameters.

    Matrices are normal with variance 1 / inputs, those that are added to the residual stream
    smaller by √(2·layers), the head by 10; embeddings have standard deviation 0.3 and positions
    0.03. Gains start at 1, and token shift at a ramp from the byte itself to the one before.
    """
    generator = torch.Generator().manual_seed(seed)
    d = shape.width
    gain, ramp = torch.ones(d), torch.linspace(0, 1, d)

    def normal(rows: int, columns: int, deviation: float) -> Tensor:
        return deviation * torch.randn(rows, columns, generator=generator)

    inputs, residual = d**-0.5, (2 * shape.layers) ** -0.5
    parts = [normal(BYTES, d, 0.3), normal(shape.length, d, 0.03)]
    for _ in range(shape.layers):
        parts += [gain, ramp, normal(3 * d, d, inputs), normal(d, d, inputs * residual)]
        hidden = normal(WIDER * d, d, inputs)
        parts += [gain, ramp, hidden, normal(d, WIDER * d, (WIDER * d) ** -0.5 * residual)]
    parts += [gain, normal(BYTES, d, 0.1 * inputs)]
    return torch.cat([part.flatten() for part in parts])


def logits(parameters: Tensor, shape: Shape, sequences: Tensor) -> Tensor:
    """Compute the scores of each next byte: sequences, length and 256 from sequences and length."""
    tensors = shape.tensors()
    pieces = torch.split(parameters, [math.prod(each) for each in tensors])
    parts = iter([piece.view(each) for piece, each in zip(pieces, tensors, strict=True)])
    d = shape.width
    stream = F.embedding(sequences, next(parts)) + next(parts)
    for _ in range(shape.layers):
        mixed = _shifted(F.layer_norm(stream, (d,), next(parts)), next(parts))
        stream = stream + _attention(mixed, next(parts), next(parts))
        mixed = _shifted(F.layer_norm(stream, (d,), next(parts)), next(parts))
        hidden = F.relu(F.linear(mixed, next(parts))).square()
        stream = stream + F.linear(hidden, next(parts))
    return F.linear(F.layer_norm(stream, (d,), next(parts)), next(parts))


def nats(parameters: Tensor, shape: Shape, sequences: Tensor, reduction: str = "mean") -> Tensor:
    """Compute the cross-entropy of bytes 1 … length of each sequence of length + 1, in nats."""
    scores = logits(parameters, shape, sequences[:, :-1])
    return F.cross_entropy(
        scores.reshape(-1, BYTES), sequences[:, 1:].reshape(-1), reduction=reduction
    )


def _shifted(x: Tensor, toward_previous: Tensor) -> Tensor:
    """Mix each position with the one before, a learned share a channel (token shift of RWKV)."""
    return torch.lerp(x, F.pad(x[:, :-1], (0, 0, 1, 0)), toward_previous)


def _attention(x: Tensor, to_heads: Tensor, from_heads: Tensor) -> Tensor:
    batch, length, d = x.shape
    parts = F.linear(x, to_heads).view(batch, length, 3, d // HEAD_WIDTH, HEAD_WIDTH)
    query, key, value = parts.permute(2, 0, 3, 1, 4)
    heads = F.scaled_dot_product_attention(query, key, value, is_causal=True)
    return F.linear(heads.transpose(1, 2).reshape(batch, length, d), from_heads)
