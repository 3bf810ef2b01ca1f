"""The RoBERTa classifier of the benches in PyTorch, dropout 0.1"""
import torch
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    def __init__(self, H, N):
        super().__init__()
        self.query, self.key, self.value, self.dense = (nn.Linear(H, H) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(H, eps=1e-5), nn.LayerNorm(H, eps=1e-5)
        self.inner, self.outer = nn.Linear(H, 4 * H), nn.Linear(4 * H, H)
        self.dropout, self.N = nn.Dropout(0.1), N

    def forward(self, x, bias):
        (B, S, H), N = x.shape, self.N
        split = lambda y: y.view(B, S, N, H // N).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        p = self.dropout(torch.softmax(q @ k.transpose(2, 3) / (H // N) ** 0.5 + bias, -1))
        y = (p @ v).transpose(1, 2).reshape(B, S, H)
        x = self.norm1(x + self.dropout(self.dense(y)))
        return self.norm2(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class Classifier(nn.Module):
    """Token ids [B, S], padded with 1 -> logits [B, C]"""

    def __init__(self, H, L, V, C):
        super().__init__()
        self.words, self.positions, self.types = nn.Embedding(V, H, 1), nn.Embedding(66, H, 1), nn.Embedding(1, H)
        self.norm, self.dropout = nn.LayerNorm(H, eps=1e-5), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(H, max(1, H // 64)) for _ in range(L))
        self.dense, self.out = nn.Linear(H, H), nn.Linear(H, C)

    def forward(self, ids):
        mask = (ids != 1).int()
        x = self.words(ids) + self.positions(torch.cumsum(mask, 1) * mask + 1) + self.types.weight
        x = self.dropout(self.norm(x))
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return self.out(self.dropout(torch.tanh(self.dense(self.dropout(x[:, 0])))))
