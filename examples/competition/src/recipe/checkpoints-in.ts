import { join } from 'node:path'
import { folderCheckpoints } from '@kic/trainer/node'

/** Checkpoints of a stage; an interrupted stage resumes from the last one. */
export const checkpointsIn = (folder: string, name = 'checkpoints') => ({
  store: folderCheckpoints(join(folder, name), { keepLast: 1 }),
  every: { everyEpochs: 1 },
  resume: true,
})
