"""Times a plain training loop with dynamic padding in PyTorch: torch_loop.py FILE threads

FILE is JSON: hidden, layers, vocabulary, classes, batchSize, epochs, ids (a list a row), labels
"""
import json, sys, time
import torch
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader
from torch_model import Classifier

with open(sys.argv[1]) as file:
    task = json.load(file)
torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)

rows = [(torch.tensor(ids), label) for ids, label in zip(task["ids"], task["labels"])]


def collate(batch):
    ids, labels = zip(*batch)
    return pad_sequence(ids, batch_first=True, padding_value=1), torch.tensor(labels)


loader = DataLoader(rows, batch_size=task["batchSize"], shuffle=True, collate_fn=collate)
model = Classifier(task["hidden"], task["layers"], task["vocabulary"], task["classes"]).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
total = task["epochs"] * len(loader)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, 1 - step / total))

start, tokens, losses = time.perf_counter(), 0, []
for _ in range(task["epochs"]):
    for ids, labels in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(ids), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        tokens += ids.numel()
seconds = time.perf_counter() - start
print(json.dumps({"ms": 1000 * seconds, "version": torch.__version__, "loss": sum(losses[-20:]) / 20, "tokens": tokens}))
