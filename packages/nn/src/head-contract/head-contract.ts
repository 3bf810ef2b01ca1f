import type { Engine } from '@kic/engine'
import type { Head, HeadConfig } from '../head.ts'
import { checkEngine, checkExport } from './engine-checks.ts'
import { checkContext, checkMemory, checkParameters, checkRoundTrip, checkShapes } from './form-checks.ts'
import { headSubject, testHeadConfig } from './head-subject.ts'
import { checkGradients, checkPadding } from './value-checks.ts'

export interface HeadContractOptions {
  /**
   * The part of the encoder's config that the head reads; default: `testHeadConfig`, with hidden size 4 and three
   * classes.
   */
  readonly config?: HeadConfig | undefined
  /**
   * `ignored` (default): logits do not depend on padding. `read`: they do, and the suite verifies it, so no head gives
   * up the promise without need.
   */
  readonly padding?: 'ignored' | 'read' | undefined
  /** Engines that must agree with eager cpu; default: `compiled` and `wasm`. */
  readonly engines?: readonly Engine['name'][] | undefined
  /** Largest deviation from finite differences, relative to the largest entry of a gradient; default 2e-3. */
  readonly gradientTolerance?: number | undefined
}

/** One promise of the contract. */
export interface HeadCheck {
  /** The promise, as a test title. */
  readonly name: string
  /** Rejects with a KicError that says how the head breaks the promise. */
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
