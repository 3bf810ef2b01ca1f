// Not by its literal name: webpack resolves the arguments of `createRequire` by its own rules.
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { missingRuntime } from './onnx-runtime.ts'

/**
 * Path of the installed `onnxruntime-node`, for threads, which load it themselves. The search starts from this module,
 * then from the running program, then from the working directory: a bundle is outside this module's original folder,
 * and as CommonJS has no address of its own.
 *
 * @throws KicError `predictor/no-onnxruntime`
 */
export const runtimePath = (
  starts: readonly (string | undefined)[] = [
    import.meta.url,
    process.argv[1],
    join(process.cwd(), 'package.json'),
  ],
): string => {
  let cause: unknown
  for (const start of starts) {
    if (start === undefined || start === '') continue
    try {
      return nodeModule.createRequire(start).resolve('onnxruntime-node')
    } catch (error) {
      cause ??= error
    }
  }
  throw missingRuntime('onnxruntime-node', cause)
}
