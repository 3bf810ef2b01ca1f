import { library } from '../../tsup.base.ts'

// CommonJS has no import.meta.url, by which ONNX Runtime is found for threads; tsup's shim gives it.
export default library({
  shims: true,
  entry: ['src/index.ts', 'src/node.ts'],
  // Optional, and with a native library: never part of a bundle.
  external: ['onnxruntime-node', 'onnxruntime-web'],
})
