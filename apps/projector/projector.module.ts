import { type DynamicModule, Module } from '@nestjs/common';
import type { Infrastructure } from '../../libs/application/infrastructure.js';
import { EventLog } from '../../libs/event-log/event-log.js';
import { ReadModels } from '../../libs/read-models/read-models.js';
import { ProjectionsController } from '../api/projections/projections.controller.js';
import { ProjectorHealthController } from './projector-health.controller.js';

/** The HTTP endpoints of a projector: its health and the position of each projection. */
@Module({})
export class ProjectorModule {
  static on({ log, readModels }: Infrastructure): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [ProjectorHealthController, ProjectionsController],
      providers: [
        { provide: EventLog, useValue: log },
        { provide: ReadModels, useValue: readModels },
      ],
    };
  }
}
