"""Writes the tensors of FOLDER/model.safetensors by torch.save: torch_save.py FOLDER float32|float16|bfloat16 zip|legacy"""
import json, struct, sys
import torch

folder, dtype, form = sys.argv[1:4]
with open(f"{folder}/model.safetensors", "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    data = bytearray(file.read())
state = {
    name: torch.frombuffer(data, dtype=torch.float32, offset=e["data_offsets"][0], count=torch.Size(e["shape"]).numel())
    .reshape(e["shape"]).clone().to(getattr(torch, dtype))
    for name, e in header.items() if name != "__metadata__"
}
torch.save(state, f"{folder}/pytorch_model.bin", _use_new_zipfile_serialization=form == "zip")
