import type { Projection } from '../projection.js';
import { partnerTypes, partnerVersions } from './partner-versions.js';
import { versionedTables } from './versioned-tables.js';

const partners = versionedTables(
  'partners',
  'partner',
  partnerTypes('membership', 'providerAuthorization', 'providerRelationship'),
  partnerVersions,
);

/**
 * The facts that tenure depends on: each partner's models, memberships and relationships, and the
 * authorizations of its providers.
 */
export const tenureProjection: Projection = {
  name: 'tenure',
  version: 1,
  streams: ['partner'],
  tables: partners.tables,
  on: new Map(partners.steps),
};
