import Joi from 'joi';

/** The id in a job's path. Any text is taken: one that names no job is 404. */
export const jobParams = Joi.object<{ id: string }>({
  id: Joi.string().required().description('Id of the job.'),
});
