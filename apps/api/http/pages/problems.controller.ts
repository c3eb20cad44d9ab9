import type { Language } from '../../../../libs/domain/gate/reason-texts.js';
import { Controller, Get } from '@nestjs/common';
import { Matches } from 'class-validator';
import { policyOf } from '../connection/answer-response.js';
import type { ProblemKind } from '../problems/problem-kind.js';
import { ProblemException } from '../problems/problem.js';
import { isProblemCode, problemKind, problems, problemType } from '../problems/problems.js';
import { RequestContext } from '../request/request-context.js';
import { answer } from '../response/answer.js';
import { acceptedType } from '../response/negotiation.js';
import { Ctx, FromPath } from '../routing/request-decorators.js';
import { Allow, Describe } from '../routing/route-declaration.js';

export class ProblemPath {
  @Matches(/^[a-z][a-z0-9-]{0,63}$/)
  readonly code!: string;
}

const htmlAnswer = {
  status: 200,
  description: 'HTML, or JSON if the Accept header prefers it',
  mediaType: 'text/html',
};

/** Explains each `type` of a problem document: a page for people, JSON for programs. */
@Controller('problems')
export class ProblemsController {
  @Get()
  @Allow('everyone')
  @Describe({
    summary: 'List every problem that an answer can name',
    tag: 'Service',
    answers: [htmlAnswer],
  })
  list(@Ctx() context: RequestContext): string {
    const { language } = context;
    const codes = Object.keys(problems).filter(isProblemCode);
    if (!wantsHtml(context))
      return answer(
        context,
        { items: codes.map((code) => described(code, problemKind(code), language)) },
        localized(language),
      );
    const items = codes.map(
      (code) =>
        `<li><a href="/problems/${code}"><code>${code}</code></a> ${escapeHtml(problemKind(code).title[language])}</li>`,
    );
    const title = language === 'ja' ? '問題の一覧' : 'Problems';
    return html(context, title, `<h1>${title}</h1>\n<ul>\n${items.join('\n')}\n</ul>`);
  }

  @Get(':code')
  @Allow('everyone')
  @Describe({
    summary: 'Explain a problem and what to do about it',
    tag: 'Service',
    answers: [htmlAnswer],
  })
  read(@Ctx() context: RequestContext, @FromPath() { code }: ProblemPath): string {
    if (!isProblemCode(code)) throw new ProblemException('not-found');
    const kind = problemKind(code);
    const { language } = context;
    if (!wantsHtml(context))
      return answer(context, described(code, kind, language), localized(language));
    const [what, remedy] =
      language === 'ja' ? ['何が起きたか', '対処方法'] : ['What happened', 'What to do'];
    return html(
      context,
      kind.title[language],
      `<h1>${escapeHtml(kind.title[language])}</h1>\n<p><code>${code}</code> · HTTP ${kind.status}</p>\n<dl><dt>${what}</dt><dd>${escapeHtml(kind.what[language])}</dd>` +
        `<dt>${remedy}</dt><dd>${escapeHtml(kind.remedy[language])}</dd></dl>`,
    );
  }
}

const described = (code: string, kind: ProblemKind, language: Language) => ({
  type: problemType(code as Parameters<typeof problemType>[0]), // callers pass existing codes
  code,
  status: kind.status,
  title: kind.title[language],
  what: kind.what[language],
  remedy: kind.remedy[language],
});

const localized = (language: Language) => ({
  headers: { 'content-language': language, vary: 'accept, accept-language' },
});

const wantsHtml = (context: RequestContext): boolean =>
  acceptedType(context, ['text/html', 'application/json', 'application/problem+json']) ===
  'text/html';

function html(context: RequestContext, title: string, body: string): string {
  const { reply, language } = context;
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    ...policyOf("default-src 'none'; style-src 'unsafe-inline'"),
    ...localized(language).headers,
  });
  return page(title, language, body);
}

/** A page of plain HTML without scripts and external addresses. `body` is HTML. */
export function page(title: string, language: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} – Sekisho</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em}dt{font-weight:600;margin-top:1rem}dd{margin:0}:root{color-scheme:light dark}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
