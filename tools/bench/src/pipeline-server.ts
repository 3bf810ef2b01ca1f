import { env, pipeline } from '@xenova/transformers'
import Fastify from 'fastify'
import { z } from 'zod'

/** What the server is started with. */
export interface PipelineServerJob {
  /** The folder that holds the model's folder. */
  readonly models: string
  readonly name: string
}

const body = z.object({ text: z.string() })

/** `pipeline('text-classification')` behind a plain handler: the server that one would write in a few lines. */
const serve = async ({ models, name }: PipelineServerJob): Promise<string> => {
  env.allowRemoteModels = false
  env.localModelPath = models
  const classify = await pipeline('text-classification', name)
  const app = Fastify()
  app.post('/v1/classify', async (request) => {
    const { text } = body.parse(request.body)
    return classify(text, { topk: 3 })
  })
  return app.listen({ port: 0, host: '127.0.0.1' })
}

process.once('message', async (job: PipelineServerJob) => {
  process.send?.(await serve(job))
})
process.on('disconnect', () => process.exit())
