import { InvalidArgumentError } from 'commander'

/** @throws InvalidArgumentError for a coverage of 0: any set has that, so it asks for nothing */
export const checkCoverage = (coverage: number | undefined): void => {
  if (coverage === 0)
    throw new InvalidArgumentError(
      '--coverage must be above 0, and at most 1. Set it to a share such as 0.9.',
    )
}
