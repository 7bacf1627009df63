namespace Akka.Coordination;

/// <summary>A lease operation failed.</summary>
public class LeaseException : Exception
{
    public LeaseException(string message) : base(message) { }

    public LeaseException(string message, Exception innerEx) : base(message, innerEx) { }
}

/// <summary>A lease operation was not answered in time; whether it took place is unknown.</summary>
public sealed class LeaseTimeoutException : LeaseException
{
    public LeaseTimeoutException(string message) : base(message) { }

    public LeaseTimeoutException(string message, Exception innerEx) : base(message, innerEx) { }
}
