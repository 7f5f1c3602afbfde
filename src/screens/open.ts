// The screens as a part of the service: their API. The pages themselves are mounted in front of it (routes.ts).
import type { Part, Surroundings } from '../parts.ts';
import { addUserRoutes } from './users-api.ts';

export async function openScreens(surroundings: Surroundings): Promise<Part> {
  addUserRoutes(surroundings.api, surroundings);
  return { name: 'screens', async stop() {} };
}
