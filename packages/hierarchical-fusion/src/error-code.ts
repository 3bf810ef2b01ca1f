/** The codes of this package's errors. */
export type HierarchicalFusionErrorCode =
  | 'hierarchical-fusion/file'
  | 'hierarchical-fusion/hidden-size'
  | 'hierarchical-fusion/hierarchy'
  | 'hierarchical-fusion/incomplete-checkpoint'
  | 'hierarchical-fusion/shares'
  | 'hierarchical-fusion/vocabulary'
  | 'nn/missing-parameter'
