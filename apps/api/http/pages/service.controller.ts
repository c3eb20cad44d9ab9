import { Controller, Get } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { policyOf } from '../connection/answer-response.js';
import { RequestContext, requireUnscoped } from '../request/request-context.js';
import { answer, emptyAnswer } from '../response/answer.js';
import { Ctx, FromPath } from '../routing/request-decorators.js';
import { Allow, Conditional, Describe, Undocumented } from '../routing/route-declaration.js';
import type { JsonSchema } from '../validation/json-schema.js';
import { fileAnswer, filed, type PublishedFile } from './published-file.js';

/** The OpenAPI document, available when all routes are known. */
export abstract class ApiDocument {
  abstract get(): JsonSchema;
}

const contentTypes = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
};
type Asset = keyof typeof contentTypes;

export class AssetPath {
  @IsIn(Object.keys(contentTypes))
  readonly file!: Asset;
}

/** Cached for an hour, because the names are the same in every release. */
const MAY_KEEP = 'public, max-age=3600';
/** Cached, but checked with the server on each use. */
const MUST_ASK = 'no-cache';

const startScript = filed(
  "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n",
  contentTypes['start.js'],
  MAY_KEEP,
);
const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sekisho API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`;
const docsPage = filed(html, 'text/html; charset=utf-8', MUST_ASK);

/** The OpenAPI document, the pages to browse it, and the metrics. */
@Controller()
export class ServiceController {
  private readonly assets = new Map<Asset, PublishedFile>([['start.js', startScript]]);
  private document: PublishedFile | undefined;

  constructor(
    private readonly api: ApiDocument,
    private readonly metrics: Metrics,
  ) {}

  /** Redirects to the documentation. */
  @Get()
  @Allow('everyone')
  @Undocumented()
  start(@Ctx() context: RequestContext): undefined {
    return emptyAnswer(context, { status: 302, location: '/docs' });
  }

  @Get('openapi.json')
  @Conditional()
  @Allow('everyone')
  @Describe({
    summary: 'Read this document',
    tag: 'Service',
    answers: [{ status: 200, description: 'OpenAPI 3.1' }],
  })
  openapi(@Ctx() context: RequestContext): string {
    this.document ??= filed(
      JSON.stringify(this.api.get()),
      'application/json; charset=utf-8',
      MUST_ASK,
    );
    return fileAnswer(context, this.document);
  }

  @Get('docs')
  @Conditional()
  @Allow('everyone')
  @Describe({
    summary: 'Browse this document',
    tag: 'Service',
    answers: [{ status: 200, description: 'An HTML page', mediaType: 'text/html' }],
  })
  docs(@Ctx() context: RequestContext): string {
    context.reply.headers(
      policyOf("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"),
    );
    return fileAnswer(context, docsPage);
  }

  /** Served from the installed package, not from another server. */
  @Get('docs/:file')
  @Conditional()
  @Allow('everyone')
  @Undocumented()
  asset(@Ctx() context: RequestContext, @FromPath() { file }: AssetPath): string {
    let asset = this.assets.get(file);
    if (asset === undefined) {
      const path = join(
        dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
        file,
      );
      asset = filed(readFileSync(path, 'utf8'), contentTypes[file], MAY_KEEP);
      this.assets.set(file, asset);
    }
    return fileAnswer(context, asset);
  }

  @Get('metrics')
  @Allow('read metrics')
  @Describe({
    summary: "Read the service's metrics for Prometheus",
    tag: 'Service',
    answers: [
      {
        status: 200,
        description: 'Metrics in the Prometheus text format',
        mediaType: 'text/plain',
      },
    ],
  })
  async figures(@Ctx() context: RequestContext): Promise<string> {
    // The metrics count the work of all partners.
    requireUnscoped(context);
    const { contentType, body } = await this.metrics.text();
    answer(context, undefined);
    context.reply.header('content-type', contentType);
    return body;
  }
}
