import { fileURLToPath } from 'node:url'

/** The folder of the model: `config.json`, tokenizer, `preparation.json`, `onnx/model_quantized.onnx`, `kic.json` and the model card. */
export const modelFolder: string = fileURLToPath(new URL('../model', import.meta.url))
