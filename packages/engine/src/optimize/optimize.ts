import type { Graph } from '../record/graph.ts'
import { foldScale } from './fold-scale.ts'
import { fuseBias } from './fuse-bias.ts'
import { lowerScatterRows, withoutDead } from './scatter-rows.ts'

/** Runs all passes over a recorded graph, in order; the result has only ONNX operators. */
export const optimize = (graph: Graph): Graph => withoutDead(lowerScatterRows(foldScale(fuseBias(graph))))
