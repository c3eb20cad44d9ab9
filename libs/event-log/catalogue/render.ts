import { catalogue } from './catalogue.js';
import type { CatalogueEntry, StreamCategory } from './entry.js';
import type { Schema } from './schema.js';

const streams: Readonly<Record<StreamCategory, string>> = {
  program: '`program`',
  partner: '`partner-<partnerId>`',
  customer: '`customer-<tenantId>`',
  import: '`import-<importId>`',
  pricelist: '`pricelist-<market>-<month>`',
  sellingprices: '`sellingprices-<partnerId>-<market>-<month>`',
  partneroffers: '`partneroffers-<partnerId>-<month>`',
  revenue: '`revenue-<partnerId>`',
  application: '`application-<applicationId>`',
  billingentity: '`billingentity-<partnerId>`',
  billingentityid: '`billingentityid-<entityId>`',
  billingprofile: '`billingprofile-<payer>`',
  taxrates: '`taxrates-<country>`',
  manualcharge: '`manualcharge-<chargeId>`',
  subscription: '`subscription-<subscriptionId>`',
  billing: '`billing-<payer>`',
  numbering: '`numbering-<entityId>-invoice` and `numbering-<entityId>-credit-note`',
  billingrun: '`billingrun-<runId>`',
  payment: '`payment-<paymentId>`',
  reconciliation: '`reconciliation-<invoiceNumber>`',
  document: '`document-<documentId>`',
};

/** Renders `docs/events.md` from the catalogue. A test compares the page with the catalogue. */
export function renderCatalogue(): string {
  const all = Object.entries(catalogue);
  const chapters = Object.entries(streams).map(([category, name]) => {
    const events = all.filter(([, { streams: written }]) =>
      written.some((stream) => stream === category),
    );
    return [`## ${name}`, ...events.map(([type, entry]) => renderEvent(type, entry))].join('\n\n');
  });
  return `${[introduction, ...chapters].join('\n\n')}\n`;
}

const introduction = `# Events

Every type of event that the log can contain, with the JSON Schema (2020-12) of its data. This page
is generated from the catalogue in \`libs/event-log/catalogue\`. \`GET /v1/events\` and exports
return events as they were stored. Folds read them in their current version, after the upcasters.`;

const renderEvent = (type: string, { version, when, schema }: CatalogueEntry): string =>
  [`### ${type}`, `Version ${version}. ${when}`, fieldsOf(schema), schemaOf(schema)].join('\n\n');

function fieldsOf(schema: Schema): string {
  const names = alternativesOf(schema).map(({ properties, required }) => {
    const needed = new Set(Array.isArray(required) ? required : []);
    const fields = Object.keys(
      typeof properties === 'object' && properties !== null ? properties : {},
    );
    return `\`{ ${fields.map((field) => (needed.has(field) ? field : `${field}?`)).join(', ')} }\``;
  });
  return [...new Set(names)].join(' or ');
}

const alternativesOf = (schema: Schema): readonly Schema[] =>
  Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema];

const schemaOf = (schema: Schema): string =>
  `<details><summary>Schema</summary>\n\n\`\`\`json\n${JSON.stringify(schema)}\n\`\`\`\n\n</details>`;
