import type { Graph } from '../record/graph.ts'
import { foldScale } from './fold-scale.ts'
import { fuseBias } from './fuse-bias.ts'
import { lowerScatterRows, withoutDead } from './scatter-rows.ts'

/** All passes over a recorded graph, in order; the result holds ONNX operators only. */
export const optimize = (graph: Graph): Graph => withoutDead(lowerScatterRows(foldScale(fuseBias(graph))))
