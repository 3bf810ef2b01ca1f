import { library } from '../../tsup.base.ts'

// tsup leaves dependencies and peers alone, but would bundle an optional dependency, its native libraries included.
export default library({ external: ['onnxruntime-node'] })
