import { library } from '../../tsup.base.ts'

// CommonJS has no import.meta.url, which finds the model's folder. tsup's shim provides it.
export default library({ shims: true })
