// What runs inside the browser: bundled by esbuild, called by browser-runtime.ts.
import { selectEngine } from '@kic/engine'
import { parseRobertaConfig } from '@kic/roberta'
import { readSafetensors } from '@kic/safetensors'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as ort from 'onnxruntime-web'
import { engineLogits } from '../engine-logits.ts'
import { onnxLogits } from '../onnx-logits.ts'
import { smallTraining } from '../small-training.ts'
import type { TokenBatch } from '../token-batches.ts'

ort.env.wasm.wasmPaths = '/onnxruntime-web/'
setWasmPaths('/tfjs-backend-wasm/')

const bytesOf = async (path: string): Promise<Uint8Array> => {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The exported model in ONNX Runtime Web. */
const exported = async (file: string, batches: readonly TokenBatch[]) => ({
  logits: await onnxLogits(ort, await bytesOf(`/model/onnx/${file}`), batches),
  what: `onnxruntime-web ${ort.env.versions.web}`,
})

/** The model's own function on an engine: recorded here in the browser, or run operation by operation. */
const engine = async (name: 'compiled' | 'wasm', batches: readonly TokenBatch[]) => {
  const chosen = await selectEngine(name)
  const config = parseRobertaConfig(await (await fetch('/model/config.json')).json())
  const { tensors } = readSafetensors(await bytesOf('/model/model.safetensors'))
  const logits = await engineLogits(chosen, config, tensors, batches)
  chosen.dispose()
  return { logits, what: chosen.description }
}

/** Losses of a small training run on an engine. */
const training = async (name: 'compiled' | 'wasm', steps: number): Promise<number[]> => {
  const chosen = await selectEngine(name)
  const losses = await smallTraining(chosen, steps)
  chosen.dispose()
  return losses
}

Object.assign(globalThis, { runtimes: { exported, engine, training } })
