"""Times a RoBERTa classifier in PyTorch: torch_peer.py train|infer hidden layers vocabulary batch length rounds threads"""
import json, statistics, sys, time
import torch
from torch.nn import functional as F
from torch_model import Classifier

work, (H, L, V, B, S, rounds, threads) = sys.argv[1], map(int, sys.argv[2:9])
C = 225
torch.set_num_threads(threads)
torch.manual_seed(0)

model = Classifier(H, L, V, C)
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
