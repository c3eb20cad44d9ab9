import { Module } from '@nestjs/common';
import { CspTenantAssociations } from './csp-tenant-associations.js';
import { EndCspTenantHandler } from './end-csp-tenant.handler.js';
import { ChangePartnerHandler, StateSigningAuthorityHandler } from './partner.handlers.js';
import { RegisterPartnerHandler } from './register-partner.handler.js';

/** Commands on partners. */
@Module({
  providers: [
    RegisterPartnerHandler,
    ChangePartnerHandler,
    StateSigningAuthorityHandler,
    EndCspTenantHandler,
    CspTenantAssociations,
  ],
})
export class PartnersModule {}
