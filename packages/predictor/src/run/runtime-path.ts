// Not by its name: webpack answers what it sees asked of `createRequire` by its own rules.
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { missingRuntime } from './onnx-runtime.ts'

/**
 * Path of the installed `onnxruntime-node`, for threads, which load it themselves. It is looked for from this module,
 * then from the program that runs, then from the working directory: a bundle has left the folder that this module was
 * written in, and as CommonJS knows no address of its own.
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
