import { evaluate, GENERATED_AT, type Program, type ProgramInput, shapeAt } from './program.ts'
import { tensorOf } from './tensors.ts'
import { tidied } from './tidied.ts'

/** Whether a program still shows the finding. */
export type Fails = (program: Program) => Promise<boolean>

/** A smaller program that fails in the same way, found by leaving out parts. */
export const shrink = async (program: Program, fails: Fails): Promise<Program> => {
  let best = program
  for (let progress = true; progress; ) {
    progress = false
    for (const candidate of candidates(best)) {
      const smaller = withoutUnused(candidate)
      if (smaller.outputs.length === 0 && smaller.loss === undefined) continue
      if (weight(smaller) >= weight(best) || !(await fails(smaller))) continue
      best = smaller
      progress = true
      break
    }
  }
  return best
}

/** What shrinking makes smaller: steps first, then inputs, results, and how plain the numbers are. */
const weight = ({ inputs, steps, outputs, loss }: Program): number => {
  const elements = inputs.reduce((sum, { data }) => sum + data.reduce((a, x) => a + plainness(x), 1), 0)
  return (
    1e6 * steps.length +
    1e4 * (outputs.length + (loss?.terms.length ?? 0) + (loss?.by.length ?? 0)) +
    1e3 * inputs.length +
    elements
  )
}

const plainness = (x: number): number => (x === 0 ? 0.1 : x === 1 ? 0.2 : Number.isInteger(x) ? 0.5 : 1)

function* candidates(program: Program): Generator<Program> {
  yield* fewerResults(program)
  yield* fewerSteps(program)
  yield* cutOff(program)
  yield* plainerNumbers(program)
}

function* fewerResults(program: Program): Generator<Program> {
  const { outputs, loss } = program
  if (outputs.length > 1) for (const output of outputs) yield { ...program, outputs: [output] }
  if (loss === undefined) return
  yield { ...program, loss: undefined }
  if (outputs.length > 0) yield { ...program, outputs: [] }
  for (const term of loss.terms)
    if (loss.terms.length > 1) yield { ...program, loss: { ...loss, terms: [term] } }
  for (const by of loss.by) if (loss.by.length > 1) yield { ...program, loss: { ...loss, by: [by] } }
}

/** A step's operand in the place of its result. */
function* fewerSteps(program: Program): Generator<Program> {
  const { inputs, steps } = program
  for (let i = steps.length - 1; i >= 0; i--) {
    const index = inputs.length + i
    const candidates = [...(steps[i]?.args ?? []), ...inputs.map((_, input) => input)]
    for (const other of new Set(candidates))
      yield renamed(program, (value) => (value === index ? other : value))
  }
}

/** A value that was computed as an input of its own. */
function* cutOff(program: Program): Generator<Program> {
  const { inputs, steps, loss } = program
  if (inputs.some(({ dims }) => dims.some((d) => typeof d === 'string'))) return
  const computed = tidied(() => {
    try {
      const values = evaluate(
        program,
        inputs.map((input) => tensorOf(input, shapeAt(input.dims, GENERATED_AT))),
      )
      return values.map((value) => ({
        shape: value.shape,
        dtype: value.dtype,
        data: Array.from(value.dataSync()),
      }))
    } catch {
      return []
    }
  })
  for (let i = steps.length - 1; i >= 0; i--) {
    const index = inputs.length + i
    const value = computed[index]
    if (
      value === undefined ||
      (value.dtype !== 'float32' && value.dtype !== 'int32' && value.dtype !== 'bool')
    )
      continue
    const added: ProgramInput = { dtype: value.dtype, dims: value.shape, data: value.data }
    const shifted = renamed({ ...program, inputs: [...inputs, added] }, (v) =>
      v === index ? inputs.length : v >= inputs.length ? v + 1 : v,
    )
    const by = loss === undefined || value.dtype !== 'float32' ? loss?.by : [...loss.by, inputs.length]
    yield loss === undefined || by === undefined || shifted.loss === undefined
      ? shifted
      : { ...shifted, loss: { ...shifted.loss, by } }
  }
}

function* plainerNumbers(program: Program): Generator<Program> {
  for (const [i, input] of program.inputs.entries()) {
    const replacements = [
      input.data.map(() => 0),
      input.data.map(() => 1),
      input.data.map((x) => (Number.isFinite(x) ? Math.round(x) : x)),
    ]
    for (const data of replacements) yield { ...program, inputs: program.inputs.with(i, { ...input, data }) }
    if (input.data.length > 12) continue
    for (const [at, x] of input.data.entries()) {
      if (x !== 0)
        yield { ...program, inputs: program.inputs.with(i, { ...input, data: input.data.with(at, 0) }) }
    }
  }
}

const renamed = (program: Program, to: (value: number) => number): Program => ({
  ...program,
  steps: program.steps.map((step) => ({ ...step, args: step.args.map(to) })),
  outputs: program.outputs.map(to),
  loss: program.loss && {
    ...program.loss,
    terms: program.loss.terms.map((term) => ({ ...term, value: to(term.value) })),
  },
})

/** The program without steps and inputs that nothing reads. */
const withoutUnused = (program: Program): Program => {
  const { inputs, steps, loss } = program
  const outputs = [...new Set(program.outputs)]
  const needed = new Set([...outputs, ...(loss?.terms.map(({ value }) => value) ?? []), ...(loss?.by ?? [])])
  for (let i = steps.length - 1; i >= 0; i--) {
    if (needed.has(inputs.length + i)) for (const arg of steps[i]?.args ?? []) needed.add(arg)
  }
  const kept = [...inputs, ...steps].flatMap((_, i) => (needed.has(i) ? [i] : []))
  const place = new Map(kept.map((old, now) => [old, now]))
  const to = (value: number): number => place.get(value) ?? 0
  const left = renamed(
    {
      ...program,
      outputs,
      steps: steps.filter((_, i) => needed.has(inputs.length + i)),
    },
    to,
  )
  return {
    ...left,
    inputs: inputs.filter((_, i) => needed.has(i)),
    loss: left.loss && { ...left.loss, by: left.loss.by.map(to) },
  }
}
