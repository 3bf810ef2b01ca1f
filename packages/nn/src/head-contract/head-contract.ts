import type { Engine } from '@kic/engine'
import type { Head, HeadConfig } from '../head.ts'
import { checkEngine, checkExport } from './engine-checks.ts'
import { checkContext, checkMemory, checkParameters, checkRoundTrip, checkShapes } from './form-checks.ts'
import { headSubject, testHeadConfig } from './head-subject.ts'
import { checkGradients, checkPadding } from './value-checks.ts'

export interface HeadContractOptions {
  /** What the head reads of the encoder's config; default: `testHeadConfig`, of hidden size 4 and three classes. */
  readonly config?: HeadConfig
  /**
   * `ignored` (default): logits do not depend on padding. `read`: they do, and the suite makes sure that this is true,
   * so that the promise is given up for a reason.
   */
  readonly padding?: 'ignored' | 'read'
  /** Engines that must agree with eager cpu; default: `compiled` and `wasm`. */
  readonly engines?: readonly Engine['name'][]
  /** Largest deviation from finite differences, relative to the largest entry of a gradient; default 2e-3. */
  readonly gradientTolerance?: number
}

/** One promise of the contract. */
export interface HeadCheck {
  /** What is promised, for a test's title. */
  readonly name: string
  /** Rejects with a KicError that says how the promise is broken. */
  check(): Promise<void>
}

/**
 * The contract of heads as a list of checks for any test runner, such as Vitest:
 *
 *     for (const { name, check } of headContract(myHead())) it(name, check)
 *
 * The export check needs `onnxruntime-node`, the `wasm` engine `@tensorflow/tfjs-backend-wasm`. A check that cannot run fails.
 *
 * @returns checks that reject with KicError `nn/head-contract`
 */
export const headContract = (
  head: Head,
  {
    config = testHeadConfig,
    padding = 'ignored',
    engines = ['compiled', 'wasm'],
    gradientTolerance = 2e-3,
  }: HeadContractOptions = {},
): readonly HeadCheck[] => {
  const subject = headSubject(head, config)
  return [
    { name: 'names and reads its parameters', check: () => checkParameters(subject) },
    { name: 'gives [B, C] for any batch', check: () => checkShapes(subject) },
    {
      name: 'has the gradients of finite differences',
      check: () => checkGradients(subject, gradientTolerance),
    },
    { name: 'gives the same logits after save and load', check: () => checkRoundTrip(subject) },
    {
      name: padding === 'ignored' ? 'ignores padding' : 'reads padding, as it says',
      check: () => checkPadding(subject, padding),
    },
    { name: 'is random through ctx.dropout alone', check: () => checkContext(subject) },
    { name: 'frees all tensors but its logits', check: () => checkMemory(subject) },
    ...engines.map((name) => ({
      name: `computes on the ${name} engine what it computes on cpu`,
      check: () => checkEngine(subject, name),
    })),
    { name: 'exports to ONNX for any numbers of rows and positions', check: () => checkExport(subject) },
  ]
}
