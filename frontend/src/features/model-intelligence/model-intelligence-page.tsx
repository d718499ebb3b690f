import { PageGate } from "../common/page-gate.tsx";
import { ModelIntelligence } from "./components/model-intelligence.tsx";
import { ModelsSkeleton } from "./components/models-skeleton.tsx";

/** "How good is the model that serves, and is there a better one?" */
export function ModelIntelligencePage() {
  return (
    <PageGate title="Model Intelligence" skeleton={<ModelsSkeleton />}>
      {(_data, summary) => <ModelIntelligence summary={summary} />}
    </PageGate>
  );
}
