namespace Akka.Remote;

/// <summary>A clock that only goes forward, in milliseconds from any start.</summary>
public delegate long Clock();
