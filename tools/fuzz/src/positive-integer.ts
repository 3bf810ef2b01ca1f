import { InvalidArgumentError } from 'commander'

/** An option's value. */
export const positiveInteger = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a positive integer')
  return value
}
