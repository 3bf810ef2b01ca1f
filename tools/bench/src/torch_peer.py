"""Times RoBERTa classifiers in PyTorch: torch_peer.py work,hidden,layers,vocabulary,batch,length … threads

work is train or infer; prints one line of JSON for each.
"""
import json, statistics, sys, time
import torch
from torch.nn import functional as F
from torch_model import Classifier

C = 225


def median_time(work, H, L, V, B, S):
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
    step()
    times = []
    # At least 3 rounds, at least 5 where they take less than 10 s, at most 31; enough after 4 s.
    while len(times) < 3 or (len(times) < 31 and sum(times) < (10 if len(times) < 5 else 4)):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


torch.set_num_threads(int(sys.argv[-1]))
for item in sys.argv[1:-1]:
    work, *sizes = item.split(",")
    print(json.dumps({"ms": median_time(work, *map(int, sizes)), "version": torch.__version__}), flush=True)
