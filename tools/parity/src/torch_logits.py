"""Logits of a saved RobertaForSequenceClassification by PyTorch alone: torch_logits.py FOLDER < {"input_ids": [[...]]}"""
import json, struct, sys
import torch
from torch.nn import functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    types = {"F32": torch.float32, "I32": torch.int32}
    return {
        name: torch.frombuffer(data, dtype=types[e["dtype"]], offset=e["data_offsets"][0], count=torch.Size(e["shape"]).numel()).reshape(e["shape"])
        for name, e in header.items() if name != "__metadata__"
    }


folder = sys.argv[1]
w, c = read_safetensors(f"{folder}/model.safetensors"), json.load(open(f"{folder}/config.json"))
batch = {name: torch.tensor(rows) for name, rows in json.load(sys.stdin).items()}
ids, mask = batch["input_ids"], batch["attention_mask"]
H, N, eps, pad = c["hidden_size"], c["num_attention_heads"], c["layer_norm_eps"], c["pad_token_id"]
(B, S), E = ids.shape, "roberta.embeddings."
linear = lambda x, name: F.linear(x, w[name + ".weight"], w[name + ".bias"])
norm = lambda x, name: F.layer_norm(x, (H,), w[name + ".weight"], w[name + ".bias"], eps)
split = lambda x: x.view(B, S, N, H // N).transpose(1, 2)

# modeling_roberta.py of transformers: embeddings, layers, classification head.
real = (ids != pad).int()
positions = (torch.cumsum(real, 1) * real + pad).long()
x = w[E + "word_embeddings.weight"][ids] + w[E + "position_embeddings.weight"][positions] + w[E + "token_type_embeddings.weight"][0]
x = norm(x, E + "LayerNorm")
bias = (1.0 - mask[:, None, None, :].float()) * -10000.0
for i in range(c["num_hidden_layers"]):
    p = f"roberta.encoder.layer.{i}."
    q, k, v = (split(linear(x, p + "attention.self." + name)) for name in ("query", "key", "value"))
    context = (torch.softmax(q @ k.transpose(2, 3) / (H // N) ** 0.5 + bias, -1) @ v).transpose(1, 2).reshape(B, S, H)
    x = norm(linear(context, p + "attention.output.dense") + x, p + "attention.output.LayerNorm")
    x = norm(linear(F.gelu(linear(x, p + "intermediate.dense")), p + "output.dense") + x, p + "output.LayerNorm")
logits = linear(torch.tanh(linear(x[:, 0], "classifier.dense")), "classifier.out_proj")
print(json.dumps({"logits": logits.tolist(), "architectures": c["architectures"], "torch": torch.__version__}))
