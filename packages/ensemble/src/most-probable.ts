import { argMaxRows, type Probabilities } from '@kic/scores'

/** The most probable class of each row, int32 [rows]; of equal ones the first. */
export const mostProbable = ({ data, classes }: Probabilities): Int32Array => argMaxRows(data, classes)
