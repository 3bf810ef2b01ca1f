import { basename } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import type { ServerContext } from '../context.ts'
import type { App } from '../http/app.ts'
import { modelAnswer } from '../http/schemas.ts'

/** `GET /v1/model` */
export const addModel = (app: App, { serving }: ServerContext): void => {
  app.get(
    '/v1/model',
    {
      schema: { summary: 'Describes the model.', response: { 200: modelAnswer } },
      config: { problems: ['loading', 'stopping', 'model-stopped'] },
    },
    async () => {
      const { id, predictor } = serving.model
      const { name, kind, classification, levels, classes, preparation, calibration, models } = predictor.info
      return {
        id,
        // Names are paths; where they are on the server's disk is nobody's business.
        name: basename(name),
        kind,
        classification: classification.name,
        levels: [...levels],
        classes: classes.length,
        preparation: { ...preparation },
        calibrated: calibration !== undefined,
        guarantees: calibration?.guarantees !== undefined,
        models: models.map((member) => ({ ...member, name: basename(member.name) })),
        server: manifest.version,
      }
    },
  )
}
