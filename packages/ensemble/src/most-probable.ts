import { argMaxRows, type Probabilities } from '@kic/scores'

/** The most probable class of each row, int32 [rows]; the first of equal ones. */
export const mostProbable = ({ data, classes }: Probabilities): Int32Array => argMaxRows(data, classes)
