namespace Eos.Journal;

/// <summary>Reads the events of a persistent actor that sleeps, without the right to write them.</summary>
public interface IEventReader
{
    /// <summary>All events after that number, in order; null when some of them were deleted, because there is a newer snapshot.</summary>
    Task<IReadOnlyList<object>?> ReadAsync(string persistenceId, long after);
}
