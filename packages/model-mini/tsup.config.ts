import { library } from '../../tsup.base.ts'

// CommonJS has no import.meta.url, by which the model's folder is found; tsup's shim gives it.
export default library({ shims: true })
