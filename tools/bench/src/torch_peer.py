"""Times a RoBERTa classifier in PyTorch: torch_peer.py train|infer hidden layers vocabulary batch length rounds threads"""
import json, statistics, sys, time
import torch
from torch import nn
from torch.nn import functional as F

work, (H, L, V, B, S, rounds, threads) = sys.argv[1], map(int, sys.argv[2:9])
C, N = 225, max(1, H // 64)
torch.set_num_threads(threads)
torch.manual_seed(0)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.dense = (nn.Linear(H, H) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(H, eps=1e-5), nn.LayerNorm(H, eps=1e-5)
        self.inner, self.outer = nn.Linear(H, 4 * H), nn.Linear(4 * H, H)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, bias):
        split = lambda y: y.view(B, S, N, H // N).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        p = self.dropout(torch.softmax(q @ k.transpose(2, 3) / (H // N) ** 0.5 + bias, -1))
        y = (p @ v).transpose(1, 2).reshape(B, S, H)
        x = self.norm1(x + self.dropout(self.dense(y)))
        return self.norm2(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.positions, self.types = nn.Embedding(V, H, 1), nn.Embedding(66, H, 1), nn.Embedding(1, H)
        self.norm, self.dropout = nn.LayerNorm(H, eps=1e-5), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(L))
        self.dense, self.out = nn.Linear(H, H), nn.Linear(H, C)

    def forward(self, ids):
        mask = (ids != 1).int()
        x = self.words(ids) + self.positions(torch.cumsum(mask, 1) * mask + 1) + self.types.weight
        x = self.dropout(self.norm(x))
        bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return self.out(self.dropout(torch.tanh(self.dense(self.dropout(x[:, 0])))))


model = Classifier()
ids, labels = torch.randint(5, V, (B, S)), torch.randint(0, C, (B,))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)


def train():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(ids), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def infer():
    with torch.no_grad():
        return model(ids)


model.train(work == "train")
step = train if work == "train" else infer
times = []
for i in range(rounds + 2):
    start = time.perf_counter()
    step()
    if i >= 2:
        times.append(1000 * (time.perf_counter() - start))
print(json.dumps({"ms": statistics.median(times), "version": torch.__version__}))
