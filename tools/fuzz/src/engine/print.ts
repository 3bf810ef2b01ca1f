import type { Kind } from './generate.ts'
import { type Program, type ProgramInput, withOperands } from './program.ts'

const number = (x: number): string => (Object.is(x, -0) ? '-0' : `${x}`)

const tensorText = ({ dtype, dims, data }: ProgramInput): string => {
  const numbers = dims.every((d) => typeof d === 'number')
  const shape = dims.map((d) => (typeof d === 'number' ? d : `'${d}'`)).join(', ')
  // The elements of open inputs differ from run to run.
  return numbers
    ? `tf.tensor([${data.map(number).join(', ')}], [${shape}], '${dtype}')`
    : `input('${dtype}', [${shape}])`
}

/** A program as lines of TensorFlow.js. */
export const printed = (kind: Kind, { inputs, steps, outputs, loss }: Program): string => {
  const name = (index: number): string => (index < inputs.length ? `x${index}` : `v${index}`)
  const body = steps.map(({ code, args }, i) => {
    const text = withOperands(code, (operand) => name(args[operand] ?? -1))
    return `  const v${inputs.length + i} = ${text}`
  })
  const parameters = inputs.map((_, i) => `x${i}`).join(', ')
  const terms = loss?.terms.map(({ value, reduction }) =>
    reduction === 'weighted' ? `${name(value)}.mul(weights).sum()` : `${name(value)}.${reduction}()`,
  )
  return [
    `// ${kind}${loss === undefined ? '' : `: values, and gradients by ${loss.by.map(name).join(', ')} of the loss`}`,
    ...inputs.map((input, i) => `const x${i} = ${tensorText(input)}`),
    `const f = (${parameters}) => {`,
    ...body,
    ...(terms === undefined ? [] : [`  const loss = ${terms.join('.add(')}${')'.repeat(terms.length - 1)}`]),
    `  return { ${[...outputs.map(name), ...(loss === undefined ? [] : ['loss'])].join(', ')} }`,
    '}',
  ].join('\n')
}
