import { KicError } from '@kic/core'

/** Class probabilities of many rows, row-major: what one member says. */
export interface Probabilities {
  readonly rows: number
  readonly classes: number
  /** [rows, classes] */
  readonly data: Float32Array
}

/**
 * Checks that members speak of the same rows and classes, and returns the first.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`
 */
export const checkedMembers = (caller: string, members: readonly Probabilities[]): Probabilities => {
  const [first] = members
  if (first === undefined)
    throw new KicError('ensemble/no-members', `${caller}: there are no members to vote`)
  members.forEach(({ rows, classes, data }, i) => {
    if (rows !== first.rows || classes !== first.classes || data.length !== rows * classes) {
      throw new KicError(
        'ensemble/shape',
        `${caller}: member ${i} has ${rows} × ${classes} probabilities in ${data.length} numbers, ` +
          `the first member ${first.rows} × ${first.classes}`,
      )
    }
  })
  return first
}

/** The most probable class of each row, int32 [rows]; of equal ones the first. */
export const argmaxRows = ({ rows, classes, data }: Probabilities): Int32Array =>
  Int32Array.from({ length: rows }, (_, row) => {
    let best = 0
    for (let c = 1; c < classes; c++) {
      if ((data[row * classes + c] ?? 0) > (data[row * classes + best] ?? 0)) best = c
    }
    return best
  })
