import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import type { AgreementMethod, Qualification } from '../../../libs/domain/customer/customer.js';
import {
  CalendarDate,
  Clearable,
  CountryCode,
  DomainName,
  EitherThisOr,
  Email,
  LanguageTag,
  Line,
  MarketCode,
  PartnerIdText,
  Phone,
  VersionName,
} from '../http/validation/decorators.js';
import { Beginning, CorrectedDates, Correction, ListQuery, MoneyDto } from './shared.dto.js';

export type CustomerSegment = 'commercial' | 'nonprofit' | 'education' | 'gcc';
const segments: readonly CustomerSegment[] = ['commercial', 'nonprofit', 'education', 'gcc'];
const qualifications: readonly Qualification[] = [
  'nonprofit',
  'education',
  'gcc',
  'stateOwnedEntity',
];

export class RegisterCustomer {
  @Line(1, 256)
  readonly legalName!: string;

  @CountryCode()
  readonly country!: string;

  @Clearable()
  @MarketCode()
  readonly marketCode?: string | null;

  @Clearable()
  @DomainName()
  readonly domain?: string | null;

  @Clearable()
  @LanguageTag()
  readonly language?: string | null;

  /** Short for the one qualification of this name; `commercial` means no qualification. */
  @Clearable()
  @IsIn(segments)
  readonly segment?: CustomerSegment | null;

  /** The segment matrix determines which qualifications may be combined. */
  @Clearable()
  @IsArray()
  @ArrayMaxSize(4)
  @ArrayUnique()
  @IsIn(qualifications, { each: true })
  readonly qualifications?: readonly Qualification[] | null;

  @Clearable()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly creditLimit?: MoneyDto | null;

  /**
   * The partner that registers the customer. A key with several partners in its scope must name it.
   */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;
}

export class StartRelationship extends Beginning {
  @PartnerIdText()
  readonly partnerId!: string;
}
export class CorrectedRelationship extends CorrectedDates {
  @PartnerIdText()
  readonly partnerId!: string;
}
export class CorrectRelationship extends Correction {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedRelationship)
  readonly value?: CorrectedRelationship;

  @IsOptional()
  @IsIn([true])
  readonly retracted?: true;
}

/** A person. The data is encrypted before it becomes part of an event. */
export class SignatoryDto {
  @Line(1, 128)
  readonly firstName!: string;

  @Line(1, 128)
  readonly lastName!: string;

  @Email()
  readonly email!: string;

  @IsOptional()
  @Phone()
  readonly phone?: string;
}

const methods: readonly AgreementMethod[] = ['partner-attested', 'customer-accepted'];

export class SignAgreementDto {
  @CalendarDate()
  readonly signedOn!: string;

  @CountryCode()
  readonly country!: string;

  @LanguageTag()
  readonly language!: string;

  /** The default is the version in force on `signedOn`. */
  @IsOptional()
  @VersionName()
  readonly version?: string;

  @IsObject()
  @ValidateNested()
  @Type(() => SignatoryDto)
  readonly signatory!: SignatoryDto;

  @IsIn(methods)
  readonly method!: AgreementMethod;
}

export class ObserveAssociation {
  @IsBoolean()
  readonly associated!: boolean;

  @CalendarDate()
  readonly observedOn!: string;

  @Line(1, 256)
  readonly source!: string;
}

export class ListCustomers extends ListQuery {
  @IsOptional()
  @CountryCode()
  readonly country?: string;

  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  @IsOptional()
  @Line(1, 128)
  readonly q?: string;
}
