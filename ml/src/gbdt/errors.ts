import { AppError } from "@rossmann/core";

/** The data or the parameters of a training cannot be used. */
export class TrainingInputError extends AppError {
  constructor(message: string) {
    super("training_input", "invalid", message);
  }
}

/** A model file is cut, edited, or not a model this program can read. */
export class ModelFileError extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super("model_file", "invalid", message, options);
  }
}

/** The columns handed to a model are not the ones it was trained on. */
export class ModelColumnsError extends AppError {
  constructor(message: string) {
    super("model_columns", "invalid", message);
  }
}
