import { library } from '../../tsup.base.ts'

// CommonJS has no import.meta.url, which finds the lexicon's files. tsup's shim provides it.
export default library({ entry: ['src/index.ts', 'src/evaluation.ts'], shims: true })
