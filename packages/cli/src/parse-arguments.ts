import { InvalidArgumentError } from 'commander'

/** A number from 0 to 1. */
export const share = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be between 0 and 1.')
  return value
}

/** An integer of at least 1. */
export const positiveInteger = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be an integer of at least 1.')
  return value
}

/** 'text=Description,id=Number' as column names by content. */
export const columnNames = (text: string): Readonly<Record<string, string>> => {
  const pairs = text.split(',').map((pair) => {
    const [holds = '', ...name] = pair.split('=')
    if (holds.trim() === '' || name.length === 0)
      throw new InvalidArgumentError("It must look like 'text=Description,id=Number'.")
    return [holds.trim(), name.join('=').trim()] as const
  })
  return Object.fromEntries(pairs)
}

/** A number above 0. */
export const positiveNumber = (text: string): number => {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}
