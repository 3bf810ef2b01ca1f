import { library } from '../../tsup.base.ts'

export default library({
  entry: ['src/index.ts', 'src/node.ts'],
  // Optional, and with a native library: never part of a bundle.
  external: ['onnxruntime-node', 'onnxruntime-web'],
})
